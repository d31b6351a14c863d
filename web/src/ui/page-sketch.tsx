import type { Passage } from '../lib/api/types.ts';
import classes from './passage-view.module.css';

/** A4 upright, in tenths of a millimetre / 20: only the proportion matters. */
const width = 105;
const height = 148.5;
const lines = Array.from({ length: 22 }, (_, index) => 14 + index * 5.6);

/** Where on its page a passage stands. The original is deleted, so the page is a sketch. */
export function PageSketch({ page, boxes }: { page: number; boxes: Passage['boxes'] }) {
  const here = boxes.filter((box) => box.page === page);
  return (
    <figure className={classes.figure}>
      <svg
        className={classes.sheet}
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`Sketch of page ${page} with the place of the passage`}
      >
        <rect
          className={classes.paper}
          x="0.5"
          y="0.5"
          width={width - 1}
          height={height - 1}
          rx="1.5"
        />
        {lines.map((y) => (
          <line key={y} className={classes.line} x1="12" x2={width - 12} y1={y} y2={y} />
        ))}
        {here.map((box, index) => (
          <rect
            key={index}
            className={classes.box}
            x={box.x * width}
            y={box.y * height}
            width={box.w * width}
            height={box.h * height}
            rx="1"
          />
        ))}
      </svg>
      <figcaption>
        Page {page}. The original was deleted after reading, so this is a sketch of the page with
        the place of the passage.
      </figcaption>
    </figure>
  );
}
