/** Numbers and times as people read them. */
import { language, say } from './words.js';

const whole = new Intl.NumberFormat(language);
const decimal = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
const fine = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
const clock = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const dayAndClock = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

export const count = n => whole.format(n ?? 0);
export const rate = n => n === null || n === undefined ? say.none : n >= 100 ? whole.format(Math.round(n)) : decimal.format(n);
export const percent = share => share === null || share === undefined ? say.none : `${fine.format(share * 100)} %`;
export const millis = n => n === null || n === undefined ? say.none : n >= 10_000 ? say.seconds(decimal.format(n / 1000)) : say.millis(n < 10 ? decimal.format(n) : whole.format(Math.round(n)));
export const took = n => n < 1000 ? say.millis(whole.format(Math.round(n))) : n < 120_000 ? say.seconds(decimal.format(n / 1000)) : length(n);
export const time = at => clock.format(at);
export const moment = at => dayAndClock.format(Date.parse(at));

/** Returns a length in its largest unit. */
export const length = milliseconds => {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return say.seconds(seconds);
  if (seconds < 7200) return say.minutes(Math.floor(seconds / 60));
  return seconds < 172_800 ? say.hours(Math.floor(seconds / 3600)) : say.days(Math.floor(seconds / 86_400));
};
export const ago = at => length(Date.now() - Date.parse(at));

/** Returns a caller without the program that called: that is in the details. */
export const caller = who => who.replace(/^([0-9a-f.:]+) \(.*$/i, '$1');
