import type { Outlets } from '../model/outlets.ts';
import type { CopyKind } from './copy-menu.ts';
import type { Sight } from './still.ts';
import type { Toast } from './toast.ts';

/** The outlets that need to know what is looked at. */
export interface ScreenOutlets extends Outlets {
  /** Saves pictures and Markdown of it. */
  save(sight: Sight): Promise<Toast>;
  copy(kind: CopyKind, sight: Sight): Promise<Toast>;
}
