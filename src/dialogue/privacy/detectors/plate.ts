import { type Detector, spansOf } from "../detector.js";

/** A province, a letter for the place, and five signs, or six with D or F in them for new-energy cars. */
const CHINESE =
  /(?<it>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·•. -]?(?:[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]|[DF][A-HJ-NP-Z0-9]\d{4}|\d{5}[DF]))(?![A-Za-z0-9])/dgi;

/** As in Britain since 2001; in small letters only where it is called a plate. */
const BRITISH =
  /(?<![A-Za-z0-9])(?<it>[A-HJ-PR-Y][A-HJ-PR-Y][0-7]\d ?[A-HJ-PR-Z]{3}|Q[A-Z]\d{2} ?[A-HJ-PR-Z]{3})(?![A-Za-z0-9])/dg;
const SMALL = /(?<![A-Za-z0-9])(?<it>[a-z]{2}\d{2} ?[a-z]{3})(?![A-Za-z0-9])/dg;
const SPEAKS_OF_IT = /\b(?:number )?plates?\b|\breg(?:istration)?\b/i;

/** Provinces with so few places that none has one of these letters. */
const FEW_PLACES = "琼宁青藏";
const FREE_PLACES = "VWXYZ";

/**
 * Licence plates of China and Britain.
 *
 * The stand-in has a place that its province has not, or begins with QZ, which is issued nowhere.
 *
 * @source GA 36-2018; DVLA INF104
 */
export const plate: Detector = {
  kind: "plate",
  digits: 1,
  find: (text) => [
    ...spansOf(text, CHINESE, (found) => /\d/.test(found)),
    ...spansOf(text, BRITISH),
    ...(SPEAKS_OF_IT.test(text) ? spansOf(text, SMALL) : []),
  ],
  key: (found) => found.replaceAll(/[·•. -]/g, "").toUpperCase(),
  imagine: (found, draw) => {
    const plate = found.replaceAll(/[·•. -]/g, "").toUpperCase();
    if (plate.charCodeAt(0) < 128) return `QZ${draw.like(plate.slice(2)).replaceAll(/[IQ]/g, "K")}`;
    const rest = draw.like(plate.slice(2)).replaceAll("I", "K").replaceAll("O", "P");
    const energy = plate.length === 8 ? rest.replace(/^[A-Z]|[A-Z]$/, "D") : rest;
    return `${draw.pick(FEW_PLACES)}${draw.pick(FREE_PLACES)}${energy}`;
  },
};
