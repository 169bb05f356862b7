/** Of an x32 program, wherever its entries are asked for. */
export const unseenX32 =
  'its code has 64 bits and its pointers 32, its system calls have numbers of their own, and vdsotop does not count them';
