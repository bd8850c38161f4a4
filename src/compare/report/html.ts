/** Markup that is safe to put into a page as it stands. */
export type Html = { readonly html: string };

type Content = Html | string | number | null | readonly Content[];

/**
 * A template tag for markup: everything put into it is escaped, but for other markup. Chats are hostile input,
 * so this is the only way by which text enters a page.
 *
 * @example html`<p>${"<script>"}</p>` // <p>&lt;script&gt;</p>
 */
export function html(strings: TemplateStringsArray, ...contents: Content[]): Html {
  return { html: strings.reduce((page, text, index) => page + render(contents[index - 1] ?? null) + text) };
}

/** Markup made by a program of ours, such as a chart. */
export function trusted(markup: string): Html {
  return { html: markup };
}

function render(content: Content): string {
  if (content === null) return "";
  if (typeof content === "string" || typeof content === "number") return escapeHtml(String(content));
  if ("html" in content) return content.html;
  return content.map(render).join("");
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A text as it stands in markup or a quoted attribute; control characters are left out. */
function escapeHtml(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, "").replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
