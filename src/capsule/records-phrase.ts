/** '14 records', '1 record' */
export function recordsPhrase(count: number): string {
  return `${count} ${count === 1 ? 'record' : 'records'}`;
}
