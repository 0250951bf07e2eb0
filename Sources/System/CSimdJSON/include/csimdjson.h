#pragma once
#ifdef __cplusplus
extern "C" {
#endif
int torc_json_placeholder(void);
#ifdef __cplusplus
}
#endif
