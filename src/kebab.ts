/** `learningRate` as a flag is spelled: `learning-rate`. */
export function kebab(key: string): string {
  return key.replaceAll(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
}
