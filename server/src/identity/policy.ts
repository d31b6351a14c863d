/** How long a link of each kind is good. */
export const INVITATION_HOURS = 7 * 24;
export const RESET_HOURS = 1;
export const VERIFY_HOURS = 24;
/** One that an administrator hands over is read out or passed on soon. */
export const HANDED_RESET_HOURS = 24;
