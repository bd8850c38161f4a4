import { type Detector, spansOf } from "../detector.js";

const AFTER =
  /(?:(?<![A-Za-z])qq(?![A-Za-z])|扣扣|企鹅号)(?:群|小号|大号)?(?:号码?|账号)?\s*(?:是|为|:|=|is|，|,)?\s*(?<it>[1-9]\d{4,10})(?!\d|[.,]\d)/dgi;
const BEFORE =
  /(?<![\dA-Za-z]|\d[.,-])(?<it>[1-9]\d{5,10})\s*[,，]?\s*(?:是|这是|就是)?(?:我|他|她|你)?(?:的|们)?(?:qq(?![A-Za-z])|扣扣)/dgi;

/**
 * QQ numbers beside the word.
 *
 * The stand-in has eleven digits and begins with 99: numbers are given out in their order, and none is near that.
 */
export const qq: Detector = {
  kind: "qq",
  digits: 5,
  hint: /qq|扣扣|企鹅号/i,
  byContext: true,
  find: (text) => [...spansOf(text, AFTER), ...spansOf(text, BEFORE)],
  key: (found) => found,
  imagine: (_, draw) => `99${draw.digits(9)}`,
};
