import { isChineseWord, isEnglishWord } from "./common-words.js";
import { surnameOf } from "./surnames.js";

/** `June(wxid_demo1)`: what an exporter appends. */
const ACCOUNT = /[(（](?:wxid_)?[\w@.-]+[)）]$/;
const WORD = /\p{Script=Han}+|[\p{L}\p{M}'’]+/gu;
/** Longer runs of characters are sentences. */
const LONGEST_CHINESE = 6;

/**
 * The words of a contact's name that tell who it is; for a full Chinese name the given name alone as well. No single
 * character and no word that has another meaning.
 *
 * @param label as the contact list, a remark or a group shows it, such as `小满🌸` or `Nadia Karim(wxid_demo1)`
 */
export function nameWords(label: string): string[] {
  const found = new Set<string>();
  for (const [word] of label.replace(ACCOUNT, "").matchAll(WORD)) {
    if (/^\p{Script=Han}/u.test(word)) for (const one of chineseWords(word)) found.add(one);
    else if (/^\p{Script=Latin}/u.test(word)) {
      const name = word.replace(/['’]s$/, "");
      if (name.length >= 2 && !isEnglishWord(name)) found.add(name);
    } else if ([...word].length >= 2) found.add(word);
  }
  return [...found];
}

function chineseWords(run: string): string[] {
  const length = [...run].length;
  if (length < 2 || length > LONGEST_CHINESE) return [];
  const surname = surnameOf(run);
  const isFullName = surname !== "" && length - surname.length === 2;
  if (isFullName && !/(?:老师|师傅|医生|律师|经理|阿姨|叔叔|同学)$/u.test(run)) {
    const given = run.slice(surname.length);
    return isChineseWord(given) ? [run] : [run, given];
  }
  return isChineseWord(run) ? [] : [run];
}
