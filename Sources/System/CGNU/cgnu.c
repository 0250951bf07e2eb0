#include "cgnu.h"
