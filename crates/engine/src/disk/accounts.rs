//! The account files of a Linux system, without the people in them. Rule A31.

/// User numbers that distributions give to people.
const PEOPLE: std::ops::RangeInclusive<u32> = 1000..=59_999;

/// A person's account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) name: String,
    /// Where their files are; none when it is no folder of their own.
    pub(super) home: Option<String>,
}

/// The people in `/etc/passwd`.
pub(super) fn people(passwd: &str) -> Vec<Person> {
    let person = |line: &str| {
        let fields: Vec<&str> = line.split(':').collect();
        let [name, _, number, _, _, home, _] = fields[..] else {
            return None;
        };
        let is_person = number.parse().is_ok_and(|number| PEOPLE.contains(&number));
        (is_person && !name.is_empty()).then(|| Person {
            name: name.to_owned(),
            home: own_folder(home),
        })
    };
    passwd.lines().filter_map(person).collect()
}

/// A folder below `/home`, and nothing that leads elsewhere.
fn own_folder(home: &str) -> Option<String> {
    let inside = home.strip_prefix("/home/")?.trim_end_matches('/');
    let is_plain = !inside.is_empty()
        && inside
            .split('/')
            .all(|part| !matches!(part, "" | "." | ".."));
    is_plain.then(|| format!("/home/{inside}"))
}

/// A file of lines that begin with an account's name (`passwd`, `shadow`, `subuid`, …), without theirs; root's password
/// is locked where the file holds one.
pub(super) fn without(text: &str, people: &[Person]) -> String {
    let kept = text.lines().filter(|line| !is_of(line, people));
    lines(kept.map(str::to_owned))
}

/// `/etc/shadow` without people, and with no way in as root.
pub(super) fn locked(shadow: &str, people: &[Person]) -> String {
    let kept = shadow.lines().filter(|line| !is_of(line, people));
    lines(kept.map(|line| match line.strip_prefix("root:") {
        Some(rest) => {
            let rest = rest.split_once(':').map_or("", |(_, rest)| rest);
            format!("root:*:{rest}")
        }
        None => line.to_owned(),
    }))
}

/// `/etc/group` or `/etc/gshadow` without groups of their own, and without them in others'.
pub(super) fn left(group: &str, people: &[Person]) -> String {
    let kept = group.lines().filter(|line| !is_of(line, people));
    lines(kept.map(|line| {
        let Some((head, members)) = line.rsplit_once(':') else {
            return line.to_owned();
        };
        let others: Vec<&str> = members
            .split(',')
            .filter(|member| !people.iter().any(|person| person.name == *member))
            .collect();
        format!("{head}:{}", others.join(","))
    }))
}

fn is_of(line: &str, people: &[Person]) -> bool {
    let name = line.split(':').next().unwrap_or_default();
    people.iter().any(|person| person.name == name)
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.fold(String::new(), |text, line| text + &line + "\n")
}

#[cfg(test)]
mod tests {
    use super::{left, locked, people, without};

    const PASSWD: &str = "root:x:0:0:root:/root:/bin/bash\n\
        ada:x:1000:1000::/home/ada:/bin/bash\n\
        eve:x:1001:1001::/home/../etc:/bin/bash\n\
        nobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n";

    #[test]
    fn people_are_told_from_services_and_only_their_own_folders_go() {
        let found = people(PASSWD);
        let names: Vec<_> = found
            .iter()
            .map(|person| (person.name.as_str(), person.home.as_deref()))
            .collect();
        assert_eq!(names, [("ada", Some("/home/ada")), ("eve", None)]);
    }

    #[test]
    fn rule_a31_no_line_of_a_person_stays() {
        let people = people(PASSWD);
        let passwd = without(PASSWD, &people);
        assert!(passwd.contains("root:") && passwd.contains("nobody:"));
        assert!(!passwd.contains("ada") && !passwd.contains("eve"));
        let shadow = locked(
            "root:$6$x$y:1:0:99999:7:::\nada:$6$a$b:1:0:99999:7:::\n",
            &people,
        );
        assert_eq!(shadow, "root:*:1:0:99999:7:::\n");
        let group = left("sudo:x:27:ada,bob\nada:x:1000:\nadm:x:4:ada\n", &people);
        assert_eq!(group, "sudo:x:27:bob\nadm:x:4:\n");
    }
}
