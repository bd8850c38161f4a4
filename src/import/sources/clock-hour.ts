/** First half of the day; of these a few words mean the night, where 12 is midnight too. */
const FORENOON = /^(?:a\.?m\.?|上午|凌晨|清晨|早上|早晨|午前|오전|ص|π\.?μ\.?|sa|öö|de|fm)$/i;
const AFTERNOON = /^(?:p\.?m\.?|下午|午後|午后|오후|م|μ\.?μ\.?|ch|ös|du|em)$/i;

/**
 * The hour from 0 to 23 of an hour as a 12-hour clock shows it.
 *
 * @param mark the half of the day in English, Chinese, Japanese, Korean, Arabic, Greek, Vietnamese, Turkish, Hungarian
 * or Swedish, such as `PM`, `下午`, `午後`, `오후`, `μ.μ.`; empty if the clock has 24 hours
 * @returns null if there is no such hour or mark
 */
export function clockHour(hour: number, mark: string): number | null {
  if (mark === "" || hour > 12) return hour < 24 ? hour : null;
  if (FORENOON.test(mark)) return hour % 12;
  if (AFTERNOON.test(mark)) return (hour % 12) + 12;
  if (mark === "中午") return hour < 11 ? hour + 12 : hour;
  if (mark === "晚上") return hour === 12 ? 0 : hour + 12;
  return null;
}
