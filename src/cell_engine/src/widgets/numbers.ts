// Numbers in few letters, with the minus sign of print, as Python has them.

/** A number with so many decimals; nothing is negative zero. */
export const fixed = (value: number, digits = 2): string =>
  value
    .toFixed(digits)
    .replace(/^-(?=0(\.0*)?$)/, "")
    .replace("-", "−");
