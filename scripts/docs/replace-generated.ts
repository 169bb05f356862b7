/** The text with what stands between `<!-- generated: name -->` and `<!-- /generated -->` replaced. */
export function replaceGenerated(text: string, name: string, content: string): string {
  const pattern = new RegExp(`(<!-- generated: ${name} -->\n)[^]*?(<!-- /generated -->)`);
  if (!pattern.test(text)) throw new Error(`no place for generated '${name}'`);
  return text.replace(pattern, (_, start: string, end: string) => `${start}\n${content}\n\n${end}`);
}
