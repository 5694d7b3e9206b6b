// The words of the lock and its PIN, on every page that signs.

import { catalogue } from "@dienhong/web-shared/i18n.svelte.ts";

export const t = catalogue({
  vi: {
    locked: "Máy đang khóa",
    locked_hint: "Nhập mã PIN để dùng tiếp.",
    voting: "Đang biểu quyết. Mở khóa để bỏ phiếu.",
    unlock: "Mở khóa",
    forgot: "Quên mã PIN?",
    forgot_hint: "Xin thư ký kỳ họp hoặc quản trị cấp mã một lần mới, rồi nhận lại máy. Biên nhận vẫn còn trong máy.",
    enter_code: "Nhập mã một lần",
    somebody_else: "Người khác dùng máy này",

    pad: "Bàn phím số",
    digits: "Đã nhập {n} chữ số",
    delete: "Xóa một chữ số",
    wrong: "Sai mã PIN. Còn {n} lần thử; sau đó khóa ký bị xóa khỏi máy này.",
    wrong_last: "Sai mã PIN. Chỉ còn 1 lần thử: sai nữa thì khóa ký bị xóa khỏi máy này và phải nhận lại máy bằng mã mới.",
    short: "Mã PIN có từ 4 đến 8 chữ số.",
    simple: "Mã này dễ đoán. Xin tránh một chữ số lặp lại hoặc các số liên tiếp.",
    differs: "Hai lần nhập khác nhau. Xin đặt lại từ đầu.",

    gone: "Khóa ký đã bị xóa khỏi máy này",
    gone_hint:
      "Mã PIN bị nhập sai 5 lần liền, hoặc máy được xóa khóa ở cửa sổ khác. Xin thư ký kỳ họp hoặc quản trị cấp mã một lần mới để nhận lại máy. Phiếu đã ghi nhận và biên nhận không mất.",

    offer: "Đặt mã PIN cho máy này",
    offer_hint_office: "Máy này ký được lệnh điều hành. Mã PIN giữ máy khi không có người ngồi: sau 5 phút không ai chạm, trang tự khóa.",
    offer_hint_delegate: "Mã PIN giữ máy khi đại biểu rời chỗ: sau 10 phút không ai chạm, trang tự khóa. Đang biểu quyết mà chưa bỏ phiếu thì không tự khóa.",
    later: "Để sau",
    set: "Đặt mã PIN…",
    set_title: "Đặt mã PIN",
    change: "Đổi mã PIN…",
    change_title: "Đổi mã PIN",
    remove: "Bỏ mã PIN…",
    remove_title: "Bỏ mã PIN",
    lock_now: "Khóa máy",

    ask_old: "Mã PIN đang dùng",
    ask_new: "Mã PIN mới, 4 đến 8 chữ số",
    ask_again: "Nhập lại mã PIN mới",
    go_on: "Tiếp tục",
    save: "Đặt mã PIN",
    do_remove: "Bỏ mã PIN",
    was_set: "Đã đặt mã PIN",
    was_removed: "Đã bỏ mã PIN",
  },
  en: {
    locked: "This device is locked",
    locked_hint: "Enter the PIN to go on.",
    voting: "A vote is open. Unlock to vote.",
    unlock: "Unlock",
    forgot: "Forgot the PIN?",
    forgot_hint: "Ask the secretary or an administrator for a new one-time code and enrol this device again. Receipts stay on the device.",
    enter_code: "Enter a one-time code",
    somebody_else: "Somebody else uses this device",

    pad: "Number pad",
    digits: "{n} {n|digit|digits} entered",
    delete: "Delete a digit",
    wrong: "Wrong PIN. {n} tries left; then the signing key is removed from this device.",
    wrong_last: "Wrong PIN. Only 1 try left: one more wrong PIN removes the signing key from this device, and it must be enrolled again with a new code.",
    short: "A PIN has 4 to 8 digits.",
    simple: "That is easy to guess. Avoid one digit repeated, and digits in a row.",
    differs: "The two do not match. Please begin again.",

    gone: "The signing key was removed from this device",
    gone_hint:
      "The PIN was wrong five times in a row, or the key was removed in another window. Ask the secretary or an administrator for a new one-time code to enrol this device again. Recorded votes and receipts are not lost.",

    offer: "Set a PIN for this device",
    offer_hint_office: "This device can sign the chamber’s orders. A PIN guards it while nobody sits there: after 5 minutes without a touch the page locks.",
    offer_hint_delegate: "A PIN guards the device while you are away: after 10 minutes without a touch the page locks. While you have a vote to give it does not lock by itself.",
    later: "Later",
    set: "Set a PIN…",
    set_title: "Set a PIN",
    change: "Change the PIN…",
    change_title: "Change the PIN",
    remove: "Remove the PIN…",
    remove_title: "Remove the PIN",
    lock_now: "Lock now",

    ask_old: "The PIN in use",
    ask_new: "New PIN, 4 to 8 digits",
    ask_again: "The new PIN again",
    go_on: "Continue",
    save: "Set the PIN",
    do_remove: "Remove the PIN",
    was_set: "PIN set",
    was_removed: "PIN removed",
  },
});
