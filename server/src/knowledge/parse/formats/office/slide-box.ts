/** A rectangle in the unit of the slide (English metric units). */
export interface Extent {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** The rectangle as fractions of the slide; undefined where a shape leaves its place to the layout. */
export function boxOf(shape: Extent, slide: { width: number; height: number }): Extent | undefined {
  const box = {
    x: clamp(shape.x / slide.width),
    y: clamp(shape.y / slide.height),
    w: clamp(shape.w / slide.width),
    h: clamp(shape.h / slide.height),
  };
  return box.w > 0 && box.h > 0 ? box : undefined;
}

const clamp = (fraction: number): number =>
  Number.isFinite(fraction) ? Math.round(Math.min(1, Math.max(0, fraction)) * 1e4) / 1e4 : 0;
