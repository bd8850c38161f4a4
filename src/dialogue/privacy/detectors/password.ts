import { type Detector, spansOf, type Topic } from "../detector.js";

const WORD = String.raw`(?:密码|口令|暗号|passcode|password|passwd|pass(?=\s*[:=])|pwd|(?<![A-Za-z])pw(?![A-Za-z]))`;
const TOKEN = String.raw`(?<it>[A-Za-z0-9][!-~]{2,30}[A-Za-z0-9#!$%&*@]|\d{4,12}#?)(?![A-Za-z0-9#$%&*+@_~/-])`;
const SPOKEN = new RegExp(WORD, "i");
/** Behind a colon or an equals sign everything is one. */
const SET = new RegExp(String.raw`${WORD}[^!-~\n]{0,4}(?:[:=]|是[:=]?)\s*["'“]?${TOKEN}`, "dgi");
/** Behind the bare word it must look like one. */
const NEAR = new RegExp(
  String.raw`${WORD}(?:['’]s|[^!-~\n]{0,6}| (?:is|for \w+ is|was)(?: now)?)?\s{0,2}["'“]?${TOKEN}`,
  "dgi",
);
const REVERSED = new RegExp(
  String.raw`(?<![!-~])${TOKEN}\s?(?:是|就是|is)\s?(?:the |my |our |your |wi-?fi ?|新的?|我的?|家里?的?)*${WORD}`,
  "dgi",
);
/** The answer to somebody who asked: a word of letters and digits, or digits alone. */
const ANSWER =
  /(?<![!-~])(?<it>(?=[!-~]*\d)(?=[!-~]*[A-Za-z])[A-Za-z0-9][!-~]{4,30}[A-Za-z0-9#!])(?![A-Za-z0-9#$%&*+@_~/-])/dg;
const DIGITS_ALONE = /^\D{0,8}(?<![\d.:/-])(?<it>\d{4,8}#?)(?![\d.:/-])\D{0,3}$/dg;

/**
 * Passwords beside the word, and in the messages that follow one with the word in it.
 *
 * The stand-in has the same sorts of letters and digits in the same places.
 */
export const password: Detector = {
  kind: "password",
  digits: 0,
  byContext: true,
  find: (text, topics: ReadonlySet<Topic>) => {
    if (!topics.has("password") && !SPOKEN.test(text)) return [];
    const spans = [
      ...spansOf(text, SET, isToken),
      ...spansOf(text, NEAR, looksSecret),
      ...spansOf(text, REVERSED, looksSecret),
    ];
    if (!topics.has("password")) return spans;
    return [...spans, ...spansOf(text, ANSWER, looksSecret), ...spansOf(text, DIGITS_ALONE, isToken)];
  },
  key: (found) => found,
  imagine: (found, draw) => draw.like(found),
};

/** Neither a link nor an unhappy answer: `password: wrong`. */
function isToken(found: string): boolean {
  return (
    !/:\/\/|^www\./i.test(found) &&
    !/^(?:wrong|incorrect|invalid|changed|reset|same|none|null|please|what|wifi|email|phone|forgot\w*|required|the|protected|(?:19|20)\d\d)$/i.test(
      found,
    )
  );
}

function looksSecret(found: string): boolean {
  return (
    isToken(found) &&
    /\d/.test(found) &&
    !/^\d{1,3}(?:st|nd|rd|th|am|pm|min|mins|km|kg|gb|mb|x)$/i.test(found)
  );
}
