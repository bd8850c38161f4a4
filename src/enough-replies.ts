/** Under this many replies nothing but the most frequent ones can be learnt. */
export const FEWEST_REPLIES = 50;
/** Under this many the result is uncertain: form is picked up, but little else. */
export const ENOUGH_REPLIES = 1000;
