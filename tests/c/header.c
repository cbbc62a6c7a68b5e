/* The header stands alone, and may be included twice. */
#include "cleartosend.h"
#include "cleartosend.h"

int main(void)
{
  return cts_abi_matches() ? 0 : 1;
}
