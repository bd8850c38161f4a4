import { type Detector, isOrderNumber, spansOf, type Topic } from "../detector.js";

/** Chinese passports, ordinary ones: E or G and eight digits, or E, a letter and seven. */
const CHINESE = /(?<![A-Za-z0-9])(?:[EG]\d{8}|E[A-HJ-NP-Z]\d{7})(?![A-Za-z0-9])/dg;
/** Of any country, where the word is near. */
const CALLED = /(?<![A-Za-z0-9])(?:[A-Za-z]{1,2}\d{6,8}|\d{9})(?![A-Za-z0-9])/dg;
const SPEAKS_OF_IT = /护照|通行证|\bpassport\b/i;

/**
 * Passport numbers: Chinese ones as they are, others where the message or the one before it speaks of a passport.
 *
 * The stand-in begins with Z0, or with 000 where it has digits only: no country starts a series so.
 */
export const passport: Detector = {
  kind: "passport",
  digits: 7,
  byContext: true,
  find: (text, topics: ReadonlySet<Topic>) => {
    const free = (_: string, start: number) => !isOrderNumber(text, start);
    const called = topics.has("passport") || SPEAKS_OF_IT.test(text);
    return [...spansOf(text, CHINESE, free), ...(called ? spansOf(text, CALLED, free) : [])];
  },
  key: (found) => found.toUpperCase(),
  imagine: (found, draw) => {
    const letters = /^[A-Za-z]*/.exec(found)![0].length;
    const zeros = letters === 0 ? "000" : `${"Z".repeat(letters)}0`;
    return `${zeros}${draw.digits(found.length - zeros.length)}`;
  },
};
