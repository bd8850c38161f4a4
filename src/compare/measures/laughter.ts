/** Written laughter: hahaha, hehe, lol, lmao, 哈哈, 嘿嘿, hhh, 233, 笑死, jaja, хаха, ㅋㅋ. Emoji count elsewhere. */
const LAUGHTER =
  /(?:ha){2,}|(?:\bhe){2,}|\bhe(?:he)+|\bl+o+l+\b|\blmf?ao+\b|\brofl\b|哈{2,}|嘿{2,}|嘻{2,}|呵{2,}|红红火火|(?<![a-z])h{2,}(?![a-z])|(?<!\d)233+(?!\d)|笑死|笑哭|\b(?:ja){2,}|(?:ха){2,}|ㅋ{2,}/iu;

/** Whether a bubble laughs in letters. */
export function hasLaughter(bubble: string): boolean {
  return LAUGHTER.test(bubble);
}
