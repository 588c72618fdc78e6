#define KIND bf16
#define BODY "product_bf16.body.h"
#define TARGET "avx512f,avx512bw,avx512dq,avx512vl,avx512bf16,avx2,fma,f16c"
#define INSTRUCTIONS 1

#include "product_low_kind.h"
