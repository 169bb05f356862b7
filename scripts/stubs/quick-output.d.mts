import type Output from '../../node_modules/ink/build/output.js';

declare const QuickOutput: typeof Output;
export default QuickOutput;
