/** The beginning of an item of a list: a mark, a number or a letter, and then its text. */
export const BULLET = /^(?:[•●○◦▪■□‣⁃∙·–—*➢✓]|-|\(?\d{1,2}[.)]|\(?[a-z][.)])\s+\S/;
