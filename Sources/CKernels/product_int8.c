#define KIND int8
#define BODY "product_int8.body.h"
#define TARGET "avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma,f16c"
#define INSTRUCTIONS 2

#include "product_low_kind.h"
