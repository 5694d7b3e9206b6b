// The words of enrolment and of choosing whom a tab acts for, on every page that needs a key.

import { catalogue, lang } from "@dienhong/web-shared/i18n.svelte.ts";

export const t = catalogue({
  vi: {
    title: "Nhận máy",
    no_council: "Địa chỉ này không chỉ tới hội đồng nào.",
    no_council_go: "Xem các hội đồng",

    step_code: "1. Mã một lần",
    step_code_done: "Mã một lần: hợp lệ",
    step_name: "2. Xác nhận họ tên",
    step_name_done: "Đã xác nhận họ tên",
    step_device: "3. Nhận máy",
    step_device_done: "Đã nhận máy",

    ask: "Nhập mã một lần",
    ask_hint: "Mã gồm 8 ký tự, do thư ký kỳ họp cấp. Mã chỉ dùng được một lần, trong 10 phút.",
    reading: "Đang kiểm tra mã…",
    confirm_delegate: "Xin đại biểu xác nhận họ tên",
    confirm: "Xin xác nhận họ tên",
    yes: "Đúng, tôi là {name}",
    no: "Không phải tôi",
    not_me: "Mã này của người khác. Xin trả lại mã cho thư ký và nhập mã của mình.",
    means_delegate: "Sau bước này, mọi lá phiếu gửi từ máy này là phiếu của {name}.",
    means: "Sau bước này, mọi việc làm từ máy này được ghi tên {name}.",
    replaces: "Máy {name} đang dùng sẽ ngừng dùng được ngay.",
    instead: "Cửa sổ này đang dùng cho {acting}. Nhận máy xong, cửa sổ chuyển sang người mới; khóa của {acting} vẫn còn trong máy.",
    failed: "Chưa nhận được máy",

    done_delegate: "Từ bây giờ, đây là máy của đại biểu",
    done: "Từ bây giờ, đây là máy của {name}",
    delegate: "Đại biểu",
    name: "Họ và tên",
    seat: "Chỗ ngồi",
    office: "Chức vụ",
    mark: "Dấu khóa của máy",
    tip_key: "Khóa ký phiếu nằm trong máy này và không sao chép được.",
    tip_lend: "Không đưa máy cho người khác: biểu quyết thay là trái quy định.",
    tip_lost: "Mất máy hoặc máy hỏng: báo thư ký kỳ họp để nhận mã mới.",
    enter_check_in: "Điểm danh và vào phiên họp",
    enter: "Vào phiên họp",
    enter_admin: "Vào trang quản trị",

    choose: "Ai đang dùng máy này?",
    choose_hint: "Máy này giữ khóa của nhiều người. Cửa sổ này chỉ làm việc cho người được chọn.",
    choose_other: "Người khác: nhập mã một lần",
    choose_back: "Chọn người khác",
    stay_as: "Vẫn là {name}",

    rehearsal_entering: "Đang vào diễn tập…",
    rehearsal_refused: "Chưa vào được diễn tập",
    rehearsal_over: "Diễn tập đã kết thúc",
    rehearsal_over_hint: "Không có gì trong buổi diễn tập được giữ lại. Máy này vẫn dùng được cho kỳ họp.",
    rehearsal_leave: "Về trang của kỳ họp",
    try_again: "Thử lại",

    replaced: "Trang này đang được dùng ở cửa sổ khác",
    replaced_hint: "Mỗi người chỉ dùng một cửa sổ của trang này. Dùng ở đây thì cửa sổ kia dừng lại. Nếu ông/bà không mở cửa sổ nào khác, xin báo ngay thư ký kỳ họp.",
    use_here: "Dùng ở đây",

    shared: "Máy này giữ khóa của {names}.",
    shared_hint: "Mỗi người nên có máy riêng: ai cầm máy này cũng ký được thay những người đó. Nếu không phải cố ý, xin báo thư ký kỳ họp.",

    enter_pin: "Đặt mã PIN trước khi vào",

    switch: "Đổi người",
    enrol_other: "Nhận máy cho người khác…",
  },
  en: {
    title: "Enrol this device",
    no_council: "This address does not name a council.",
    no_council_go: "See the councils",

    step_code: "1. One-time code",
    step_code_done: "One-time code: valid",
    step_name: "2. Confirm your name",
    step_name_done: "Name confirmed",
    step_device: "3. Enrol the device",
    step_device_done: "Device enrolled",

    ask: "Enter your one-time code",
    ask_hint: "Eight characters, given to you by the secretary. A code works once, for ten minutes.",
    reading: "Checking the code…",
    confirm_delegate: "Please confirm your name",
    confirm: "Please confirm your name",
    yes: "Yes, I am {name}",
    no: "Not me",
    not_me: "That code belongs to somebody else. Give it back to the secretary and enter your own.",
    means_delegate: "From then on, every vote sent from this device is a vote of {name}.",
    means: "From then on, whatever is done from this device is recorded as done by {name}.",
    replaces: "The device {name} uses now will stop working at once.",
    instead: "This window acts for {acting}. Once enrolled, it acts for the new person; the key of {acting} stays in this browser.",
    failed: "The device was not enrolled",

    done_delegate: "This device is now yours",
    done: "This device now belongs to {name}",
    delegate: "Delegate",
    name: "Name",
    seat: "Place",
    office: "Office",
    mark: "This device's key mark",
    tip_key: "The key that signs your votes lives in this device and cannot be copied.",
    tip_lend: "Do not hand the device to anybody: voting for another delegate is forbidden.",
    tip_lost: "Lost or broken: tell the secretary and get a new code.",
    enter_check_in: "Check in and enter",
    enter: "Enter",
    enter_admin: "Enter the administration",

    choose: "Who is using this device?",
    choose_hint: "This browser holds keys of several people. This window acts only for the one you choose.",
    choose_other: "Somebody else: enter a one-time code",
    choose_back: "Choose somebody else",
    stay_as: "Stay as {name}",

    rehearsal_entering: "Entering the rehearsal…",
    rehearsal_refused: "The rehearsal could not be entered",
    rehearsal_over: "The rehearsal is over",
    rehearsal_over_hint: "Nothing done in it is kept. This device goes on being yours for the session.",
    rehearsal_leave: "To the session’s own page",
    try_again: "Try again",

    replaced: "This page is in use in another window",
    replaced_hint: "Each person uses one window of this page. Using it here stops the other one. If you opened no other window, tell the secretary at once.",
    use_here: "Use here instead",

    shared: "This device holds the keys of {names}.",
    shared_hint: "Everybody should have a device of their own: whoever holds this one can sign for each of them. If this is not intended, tell the secretary.",

    enter_pin: "Set a PIN before entering",

    switch: "Switch person",
    enrol_other: "Enrol somebody else…",
  },
});

/** `A, B và C`. */
export function names(people: readonly string[]): string {
  return new Intl.ListFormat(lang.current, { type: "conjunction" }).format(people);
}
