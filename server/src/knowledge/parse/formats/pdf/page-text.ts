/** A stretch of text on one baseline, in points from the top left of the page as it is shown. */
export interface Run {
  text: string;
  x: number;
  /** Of the baseline. */
  y: number;
  w: number;
  /** Height of the font. */
  size: number;
  /** Id of the font inside the document; says which runs look alike, not how. */
  font: string;
  /** False for text that does not run from left to right. */
  upright: boolean;
  page: PageSize;
}

export interface PageSize {
  width: number;
  height: number;
}

/** One line of a column: its runs joined, or its cells where wide gaps part them. */
export interface Line {
  page: number;
  pageSize: PageSize;
  /** Lines of one column, or of one band across the page, share a region. */
  region: Region;
  cells: { x: number; text: string }[];
  text: string;
  x: number;
  y: number;
  w: number;
  size: number;
  font: string;
}

export interface Region {
  left: number;
  right: number;
}
