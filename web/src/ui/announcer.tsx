/** The one polite live region of the page; `announce` writes into it. */
export function Announcer() {
  return <div id="announcements" className="for-screen-readers" role="status" aria-live="polite" />;
}
