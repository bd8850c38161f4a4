import { isChineseWord, isEnglishWord } from "./common-words.js";
import { SURNAMES, surnameOf } from "./surnames.js";

const NAME = String.raw`(?:欧阳|上官|司马|诸葛|[${SURNAMES}])\p{Script=Han}{1,2}`;
const CALLED = new RegExp(
  String.raw`(?:我叫|我是叫|名叫|大名叫?|姓名[:：是]?|收件人[:：是]?|收货人[:：是]?|联系人[:：是]?|户名[:：是]?|开户名[:：是]?)\s?(${NAME})(?!\p{Script=Han}{3})`,
  "gu",
);
const TITLED = new RegExp(String.raw`(${NAME})(?:女士|先生|小姐)(?!们)`, "gu");
const ENGLISH =
  /\b(?:[Mm]y (?:full )?name(?:['’]?s| is)|[Ii]n the name of|[Nn]ame on (?:it|the \w+)(?: is|:)?|[Nn]ame:) ((?:[A-Z][a-z'’]+[ -]){1,3}[A-Z][a-z'’]+)/g;

/**
 * Full names by which a text introduces somebody: 我叫周静文, 苗雨桐女士, `my name is Wren Adeyemi-Holt`.
 *
 * @returns for Latin letters word by word
 */
export function introducedNames(text: string): string[] {
  const names: string[] = [];
  for (const pattern of [CALLED, TITLED]) {
    for (const [, name] of text.matchAll(pattern)) {
      if ([...name!].length - surnameOf(name!).length === 2 || !isChineseWord(name!)) names.push(name!);
    }
  }
  for (const [, name] of text.matchAll(ENGLISH)) {
    names.push(...name!.split(/[ -]/).filter((word) => word.length >= 3 && !isEnglishWord(word)));
  }
  return names;
}

/** What a text with an introduction has in it. */
export const INTRODUCTION = /我叫|名叫|大名|姓名|[件货系]人|户名|女士|先生|小姐|\bname\b/i;
