import type { Share } from '../capsule/create-share.ts';
import { type PngThread, startPngThread } from '../capsule/render-png.ts';
import type { ShareFormat } from '../capsule/share-formats.ts';
import { atGivenPriority } from '../collect/process/own-priority.ts';
import type { Capsule } from '../model/capsule.ts';
import type { Sight } from '../view/still.ts';
import type { FileContent } from './save-files.ts';
import { type PictureChoices, takeShare } from './take-share.ts';
import { whyNoPng } from './why-no-png.ts';

export interface Bundle {
  readonly files: readonly FileContent[];
  /** What is not among them and why, the rest of a sentence; '' where nothing is missing. */
  readonly missing: string;
}

/** What a person takes along: pictures and Markdown. A PNG that cannot be drawn here is no reason to save nothing. */
export interface BundleDrawer {
  draw(capsule: Capsule, sight: Sight, choices: PictureChoices): Promise<Bundle>;
}

/** Keeps the thread that draws, once it has drawn: another picture takes a fifth less. */
export function createBundleDrawer(): BundleDrawer {
  let thread: PngThread | undefined;
  return {
    async draw(capsule, sight, choices) {
      // At the priority that vdsotop was given: a picture is in no more of a hurry than the target.
      thread ??= atGivenPriority(() => startPngThread());
      const bundle = await renderAll(takeShare(capsule, sight, { ...choices, pngThread: thread }));
      if (bundle.missing !== '') {
        thread?.end();
        thread = undefined;
      }
      return bundle;
    },
  };
}

const formats: readonly ShareFormat[] = ['svg', 'png', 'md'];

async function renderAll(share: Share): Promise<Bundle> {
  // The PNG's own thread gets to work while this one goes on.
  const png = share.render('png').catch(whyNoPng);
  const contents = await Promise.all(formats.map((format) => (format === 'png' ? png : share.render(format))));
  const files = formats.flatMap((format, index): readonly FileContent[] => {
    const content = contents[index];
    return content === undefined || content instanceof Error ? [] : [{ ending: `.${format}`, content }];
  });
  const failure = contents.find((content) => content instanceof Error);
  return { files, missing: failure === undefined ? '' : `; no PNG: ${failure.message}` };
}
