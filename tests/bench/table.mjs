// The table as text.
import { count } from "./measure.mjs";

const digits = (value) => {
  if (Math.abs(value) >= 100) return count(value);
  return Math.abs(value) >= 10 ? value.toFixed(1) : value.toPrecision(3);
};

function budgetOf({ budget, unit }) {
  if ("min" in budget) return `≥ ${budget.min} ${unit}`;
  return "max" in budget ? `≤ ${budget.max} ${unit}` : "";
}

/** Columns as wide as their widest cell, but for the last. */
export function table(lines) {
  const rows = [
    ["what", "measured", "budget", "", "behind it"],
    ...lines.map((line) => [
      line.what,
      `${digits(line.value)} ${line.unit}`,
      budgetOf(line),
      line.verdict,
      line.detail,
    ]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const text = (row) => row.map((cell, column) => cell.padEnd(widths[column])).join("  ");
  return rows.map((row) => text(row).trimEnd()).join("\n");
}
