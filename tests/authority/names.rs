//! What an authority may be made for.

use dienhong::authority::{Host, Names};

fn refusal(names: &[&str], addresses: &[&str]) -> Option<&'static str> {
    let addresses: Vec<_> = addresses.iter().map(|address| address.parse().expect("an address")).collect();
    Names::new(names, &addresses).err().map(|error| error.code())
}

#[test]
fn a_server_may_have_names_of_its_own() {
    for name in
        ["hoidong.lan", "HoiDong.Local.", "a.test", "hoidong.xa.gov.vn", "xn--hi-ng-x7a.xa.example", "h.example"]
    {
        assert_eq!(refusal(&[name], &[]), None, "{name}");
    }
    for address in ["10.0.0.1", "172.16.5.4", "192.168.1.10", "169.254.1.1", "fd00::1", "fe80::1"] {
        assert_eq!(refusal(&["hoidong.lan"], &[address]), None, "{address}");
    }
    let names = Names::new(&["HoiDong.LAN."], &["fd00::1".parse().unwrap()]).expect("good names");
    assert_eq!(names.to_string(), "hoidong.lan, fd00::1");
    assert_eq!(names.for_plain_http(), "[fd00::1]");
}

#[test]
fn what_is_wider_than_a_server_is_refused() {
    for (name, code) in [
        ("com", "too_wide"),
        ("vn", "too_wide"),
        ("lan", "too_wide"),
        ("localhost", "too_wide"),
        ("gov.vn", "too_wide"),
        ("hanoi.vn", "too_wide"),
        ("co.uk", "too_wide"),
        ("*.hoidong.lan", "wildcard"),
        ("*", "wildcard"),
        ("192.168.1.10", "address_as_name"),
        ("fd00::1", "address_as_name"),
        ("", "bad_name"),
        (".", "bad_name"),
        (".hoidong.lan", "bad_name"),
        ("hoidong..lan", "bad_name"),
        ("https://hoidong.lan", "bad_name"),
        ("hoidong.lan:443", "bad_name"),
        ("hoidong.lan/x", "bad_name"),
        ("hội-đồng.lan", "bad_name"),
        ("-hoidong.lan", "bad_name"),
        ("hoi_dong.lan", "bad_name"),
        ("1.2.3", "bad_name"),
        ("hoidong.lan<script>", "bad_name"),
    ] {
        assert_eq!(refusal(&[name], &[]), Some(code), "{name}");
    }
    for long in [format!("{}.xa.lan", "a".repeat(64)), format!("{}lan", "abcdefg.".repeat(32))] {
        assert_eq!(refusal(&[&long], &[]), Some("bad_name"));
    }
    for address in ["8.8.8.8", "127.0.0.1", "0.0.0.0", "100.64.0.1", "2001:db8::1", "::1", "::"] {
        assert_eq!(refusal(&["hoidong.lan"], &[address]), Some("not_local"), "{address}");
    }
    assert_eq!(refusal(&[], &["192.168.1.10"]), Some("no_name"));
    assert_eq!(refusal(&["hoidong.lan"; 17], &[]), Some("too_many_names"));
}

#[test]
fn a_name_covers_itself_and_what_is_below_it() {
    let names = Names::new(&["hoidong.lan"], &["192.168.1.10".parse().unwrap()]).expect("good names");
    let covered = |host: &str| names.cover(&Host::parse(host).expect("a host"));
    assert!(covered("HOIDONG.lan") && covered("a.b.hoidong.lan") && covered("192.168.1.10"));
    assert!(!covered("lan") && !covered("xhoidong.lan") && !covered("hoidong.lan.x") && !covered("192.168.1.1"));
}
