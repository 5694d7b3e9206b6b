// What every act of an office says on its own button.

import { catalogue } from "@dienhong/web-shared/i18n.svelte.ts";

export const t = catalogue({
  vi: { busy: "Đang gửi…", changes_wall: "đổi màn hình lớn" },
  en: { busy: "Sending…", changes_wall: "changes the wall" },
});
