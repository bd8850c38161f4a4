import { type Detector, type Span, spansOf } from "../detector.js";

const TYPE =
  "Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Ct|Crescent|Way|Terrace|Place|Pl|Row|Rise|Square|Sq|Gardens|Grove|Hill|Mews|Boulevard|Blvd|Parkway|Walk";
const POSTCODE = String.raw`[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}`;
const WORD = String.raw`[A-Z][a-z'’-][A-Za-z'’-]{0,14}`;
const TAIL = String.raw`(?:,? ${WORD}(?: ${WORD}){0,2})?(?:,? (?:[A-Z]{2} \d{5}(?:-\d{4})?|${POSTCODE}))?`;
const UNIT = String.raw`(?:(?:[Ff]lat|[Aa]pt\.?|[Aa]partment|[Uu]nit|[Ss]uite) ?\w{1,4},? )`;

const STREET = new RegExp(
  String.raw`(?<![A-Za-z0-9£$€.])(?<it>${UNIT}?(?:${WORD} (?:Cottage|House|Lodge|Farm|Barn|Hall|Villa|Court),? )?\d{1,5}[A-Za-z]? (?:${WORD} ){1,3}(?:${TYPE})\b\.?(?:, ${WORD}(?: ${WORD}){0,2}){0,2}${TAIL})(?![A-Za-z0-9])`,
  "dg",
);
/** In small letters only where the kind of street is no other word, or a flat comes first. */
const SMALL = new RegExp(
  String.raw`(?<![a-z0-9£$€.])(?<it>${UNIT}\d{1,5}[a-z]? (?:[a-z]{2,15} ){1,2}(?:${TYPE.toLowerCase()})|\d{1,5}[a-z]? (?:[a-z]{3,15} ){1,2}(?:street|road|avenue|lane|crescent|terrace))(?![a-z0-9])`,
  "dg",
);
const NO_NAME =
  /\b(?:the|this|that|my|your|our|of|in|on|at|to|down|up|off|from|more|miles?|minutes?|mins?|hours?|people|times?|cars?|bikes?|km|per|and|or|other|with|for|years?|days?|weeks?|per|left|right|bus|cycle|fast|slow|main|side|whole|next|same|pm|am)\b/;
const CODE = new RegExp(String.raw`(?<![A-Za-z0-9])${POSTCODE}(?![A-Za-z0-9])`, "dg");
const SMALL_CODE = /(?<![a-z0-9])[a-z]{1,2}\d[a-z\d]? \d(?!st|nd|rd|th)[abd-hjlnp-uw-z]{2}(?![a-z0-9])/dg;

const NAMES =
  "Alder,Bramble,Candle,Dapple,Ember,Fennel,Gorse,Heron,Juniper,Kestrel,Larch,Marram,Nettle,Orchard,Pebble,Quarry,Rowan,Saffron,Teasel,Umber,Willow,Yarrow".split(
    ",",
  );
/** No postcode begins so. */
const FREE_AREAS = ["QX", "ZZ", "VJ", "XQ"];

/**
 * English addresses: a number, a name with capitals and a kind of street, with what stands before and behind it; and
 * British postcodes.
 *
 * The stand-in has another number, a plant's or a stone's name and the same kind of street; letters of postcodes that do
 * not exist.
 */
export const englishAddress: Detector = {
  kind: "address",
  digits: 1,
  find: (text) => {
    const spans: Span[] = [
      ...spansOf(text, STREET),
      ...spansOf(text, SMALL, (found) => !NO_NAME.test(found)),
      ...spansOf(text, CODE),
      ...spansOf(text, SMALL_CODE),
    ];
    return spans;
  },
  key: (found) => found.toLowerCase().replaceAll(/[\s,.]/g, ""),
  imagine: (found, draw) => {
    const postcode = /[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}$/.exec(found)?.[0] ?? "";
    const street = found
      .slice(0, found.length - postcode.length)
      .replaceAll(/\d+/g, (digits) => `${1 + draw.below(9)}${draw.digits(digits.length - 1)}`)
      .replaceAll(/[A-Za-z][A-Za-z'’-]+/g, (word) =>
        KEPT.test(word) ? word : cased(draw.pick(NAMES), word),
      );
    const area = cased(draw.pick(FREE_AREAS), postcode);
    return street + (postcode === "" ? "" : area + draw.like(postcode.replace(/^[A-Za-z]+/, "")));
  },
};

const KEPT = new RegExp(
  String.raw`^(?:${TYPE}|flat|apt|apartment|unit|suite|cottage|house|lodge|farm|barn|hall|villa)$`,
  "i",
);

function cased(word: string, like: string): string {
  return /[A-Z]/.test(like) ? word : word.toLowerCase();
}
