export function quickSegmenter(segmenter: Intl.Segmenter): {
  segment(text: string): Iterable<{ readonly segment: string; readonly index: number; readonly input: string }>;
};
