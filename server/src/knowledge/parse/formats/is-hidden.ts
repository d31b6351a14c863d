// The usual ways to put text on a page that its readers don't see.
const INVISIBLE_STYLE =
  /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)|font-size\s*:\s*0)/i;

/** True for an element whose own attributes hide it. Style sheets are not applied. */
export function isHidden(attributes: Readonly<Record<string, string>>): boolean {
  return (
    Object.hasOwn(attributes, 'hidden') ||
    INVISIBLE_STYLE.test(attributes['style']?.slice(0, 4_000) ?? '')
  );
}
