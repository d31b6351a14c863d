const regionId = 'announcements';

/** Says a sentence to screen readers without moving the focus. */
export function announce(sentence: string): void {
  const region = document.getElementById(regionId);
  if (!region) return;
  // The same words twice are no change, and would not be spoken.
  region.textContent = region.textContent === sentence ? `${sentence}\u00a0` : sentence;
}
