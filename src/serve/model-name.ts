/** Where no tag is given. */
const LATEST = "latest";
const WORD = "[a-z0-9_][a-z0-9_.-]{0,79}";
/** An optional namespace without dots, a name, an optional tag. */
const NAME = new RegExp(`^(?:([a-z0-9_][a-z0-9_-]{0,79})/)?(${WORD})(?::(${WORD}))?$`, "i");
/** The namespace that Ollama leaves out when it shows a name. */
const DEFAULT_NAMESPACE = "library";

/**
 * A model's name as it is shown, with its tag: `aze-q4` becomes `aze-q4:latest`. Undefined for what is no name: that
 * is, as in Ollama, up to 80 ASCII letters, digits, `_`, `-` and `.` a part, the first no sign.
 */
export function fullName(name: string): string | undefined {
  const match = NAME.exec(name);
  if (!match) return undefined;
  const [, namespace = DEFAULT_NAMESPACE, model, tag = LATEST] = match;
  const prefix = namespace.toLowerCase() === DEFAULT_NAMESPACE ? "" : `${namespace}/`;
  return `${prefix}${model}:${tag}`;
}

/** Whether two names, each as it is shown, are of one model. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
