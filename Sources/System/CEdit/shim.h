/* libedit in its readline dress. Its settings are global variables, which Swift 6 does not let through: they
   are set here. */
#include <stdio.h>
#include <editline/readline.h>

/* `complete` is asked for every word; nothing else is, such as names of files. */
static inline void torc_edit_complete_with(char **(*complete)(const char *, int, int)) {
    rl_attempted_completion_function = complete;
}

/* Inside `complete`: whatever it returns is the last word. */
static inline void torc_edit_completion_is_over(void) { rl_attempted_completion_over = 1; }
