/** A text as texts are compared: upper and lower case and the kind of white space make no difference. */
export function comparable(text: string): string {
  return text.toLowerCase().replaceAll(/\s+/g, " ").trim();
}
