// Every character that vdsotop itself paints is one column wide and one UTF-16 unit long: printable ASCII, box drawing
// and block elements (U+2500–259F), Braille (U+2800–28FF). Segmenting such text into graphemes costs a quarter of a frame.
import measure from 'string-width';

const narrow = /^[\x20-\x7e\u2500-\u259f\u2800-\u28ff]*$/;

export default function stringWidth(text, options) {
  return options === undefined && narrow.test(text) ? text.length : measure(text, options);
}
