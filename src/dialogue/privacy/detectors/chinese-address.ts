import { type Detector, type Span } from "../detector.js";
import type { Draw } from "../draw.js";

const HAN = String.raw`\p{Script=Han}`;
const COUNT = "[0-9一二三四五六七八九十]";
const ROOM = String.raw`(?:${COUNT}{1,3}(?:栋|幢|号楼|座)|[A-Za-z](?:栋|幢|座))\s?(?:${COUNT}{1,2}单元)?\s?(?:${COUNT}{1,3}[楼层])?\s?(?:[A-Za-z]?\d{2,4}(?:室|房|户)?)?`;
const ESTATE = String.raw`${HAN}{2,8}?(?:小区|花园|公寓|大厦|家园|新村|广场|中心|[苑府城园庭居轩阁])`;
/** A number of a street, and all that follows it. */
const NUMBERED_ROAD = new RegExp(
  String.raw`(?<road>[${HAN}0-9]{2,36}?(?:大道|大街|胡同|[路街巷弄道里村]))(?<number>\d{1,5}(?:-\d{1,4})?(?:号院|号|弄(?:\s?\d{1,4}号)?)(?![楼线]))(?:\s?(?:${ESTATE}))?(?:\s?${ROOM}|\s?\d{1,2}单元\s?\d{2,4}室?|\s?\d{1,3}[楼层](?:\s?\d{2,4}室?)?|\s?\d{3,4}室)?`,
  "dgu",
);
/** A flat in an estate, without a street. */
const FLAT = new RegExp(
  String.raw`(?<road>(?:[${HAN}]{1,24}?(?:小区|花园|公寓|大厦|家园|新村|[苑府城园庭居轩阁]))?)\s?(?<number>\d{1,3}(?:栋|幢|号楼|座))\s?(?:${COUNT}{1,2}单元\s?(?:[A-Za-z]?\d{2,4}(?:室|房|户)?)?|${COUNT}{1,2}[楼层]\s?\d{2,4}(?:室|房)?|[A-Za-z]?\d{3,4}(?:室|房|户)?(?!\d))|(?<=^|[^\d])(?<unit>\d{1,2}单元\s?\d{3,4}(?:室|房)?)`,
  "dgu",
);
/** Three or more levels down to a district, a town or a village. */
const REGIONS = new RegExp(
  String.raw`(?<road>${HAN}{2,12}?(?:省|自治区|市)${HAN}{1,7}?(?:市|自治州|地区|区|县)${HAN}{1,7}?(?:区|县|市|镇|乡|街道)(?:${HAN}{1,6}?(?:镇|乡|街道|村|社区))?(?:${HAN}{1,6}?(?:村|路|街|巷|小区))?)(?<number>)`,
  "dgu",
);

/** What comes before an address and never is in the name of a place, or hardly ever. */
const BEFORE_PLACE = /^.*(?:地址|位于|收货|收件|[在住到去从是的了给寄送往我你他她您址来搬离于约:])/su;
/** Not a street's name: 这条街, 走路, 知道. */
const NO_ROAD = /(?:[这那条逛半走迷一知难]|马上|路上|上)(?:[路街道里村])$/u;
const REGION = /省|市|区|县|镇|乡/;
/** What a full address begins with. */
const PROVINCE =
  /(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门)(?:省|市|壮族|维吾尔|回族|自治区|特别行政区|\p{Script=Han}{2,4}市).*$/su;
/** The name of a city or district has no more signs than this before its last one. */
const LONGEST_REGION = 4;

const PART = new RegExp(
  String.raw`((?:(?![号栋幢座层室])${HAN})+?)(自治区|省|自治州|市|地区|区|县|镇|乡|街道|村|社区|大道|大街|胡同|路|街|巷|弄|道|里|小区|花园|公寓|大厦|家园|新村|广场|中心|[苑府城园庭居轩阁])`,
  "gu",
);
const SYLLABLES = "云溪岚桐禾雾澜枫萤霁荻苔沅渚漪芷笙烟棠榆";

/**
 * Chinese addresses: a street with a number, a flat in an estate, or a place down to its district in three levels. A
 * city or a street alone stays.
 *
 * The stand-in has the same levels under invented names, and other numbers; the same name becomes the same in every
 * address.
 */
export const chineseAddress: Detector = {
  kind: "address",
  digits: 0,
  find: (text) => [NUMBERED_ROAD, FLAT, REGIONS].flatMap((pattern) => trimmed(text, pattern)),
  key: (found) => found.replaceAll(/\s/g, ""),
  imagine: (found, draw) =>
    found
      .replaceAll(PART, (_, name: string, suffix: string) => `${invented(name, draw)}${suffix}`)
      .replaceAll(/\d+/g, (digits) => numberLike(digits, draw)),
};

/** Matches without the words before the name. */
function trimmed(text: string, pattern: RegExp): Span[] {
  const spans: Span[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [start, end] = match.indices![0]!;
    const road = match.groups!["road"] ?? "";
    const before = BEFORE_PLACE.exec(road)?.[0].length ?? 0;
    const name = withoutTalk(road.slice(before), match.groups!["number"] !== "");
    const isFlat = match.groups!["unit"] !== undefined || /栋|幢|号楼|座/.test(match.groups!["number"] ?? "");
    if (!isFlat && ([...name].length < 2 || NO_ROAD.test(name))) continue;
    spans.push({ start: start + road.length - name.length, end });
  }
  return spans;
}

/** A name from where it begins, as far as that can be told. */
function withoutTalk(name: string, isRoad: boolean): string {
  const full = PROVINCE.exec(name)?.[0];
  if (full !== undefined) return full;
  const region = REGION.exec(name.slice(0, -1))?.index ?? -1;
  if (region > LONGEST_REGION) return name.slice(region - LONGEST_REGION);
  return region < 0 && isRoad && name.length > 6 ? name.slice(-5) : name;
}

function invented(name: string, draw: Draw): string {
  const own = draw.about(`place\0${name}`);
  return Array.from(name, () => own.pick(SYLLABLES)).join("");
}

function numberLike(digits: string, draw: Draw): string {
  return digits.length === 1
    ? String(1 + draw.below(9))
    : `${1 + draw.below(9)}${draw.digits(digits.length - 1)}`;
}
