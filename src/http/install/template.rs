//! Texts with places to fill.

/// Puts each value where `{{its name}}` stands, with whatever means something in HTML or XML written as a reference. A place that no
/// value is given for stays as it is.
pub fn fill(template: &str, values: &[(&str, String)]) -> String {
    let mut parts = template.split("{{");
    let mut filled = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let known = part.split_once("}}").and_then(|(name, rest)| {
            let value = values.iter().find(|(given, _)| *given == name)?;
            Some((&value.1, rest))
        });
        match known {
            Some((value, rest)) => {
                filled.extend(value.chars().flat_map(escaped));
                filled.push_str(rest);
            }
            None => {
                filled.push_str("{{");
                filled.push_str(part);
            }
        }
    }
    filled
}

fn escaped(c: char) -> Vec<char> {
    match c {
        '&' => "&amp;".chars().collect(),
        '<' => "&lt;".chars().collect(),
        '>' => "&gt;".chars().collect(),
        '"' => "&quot;".chars().collect(),
        '\'' => "&#39;".chars().collect(),
        c => vec![c],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_become_markup() {
        let filled = fill("<p title=\"{{a}}\">{{b}}</p>", &[("a", "\"><script>".into()), ("b", "{{a}} & 'x'".into())]);
        assert_eq!(filled, "<p title=\"&quot;&gt;&lt;script&gt;\">{{a}} &amp; &#39;x&#39;</p>");
    }

    #[test]
    fn what_is_not_known_is_left() {
        assert_eq!(fill("{{a}}{{b}} {{ {{", &[("b", "1".into())]), "{{a}}1 {{ {{");
    }
}
