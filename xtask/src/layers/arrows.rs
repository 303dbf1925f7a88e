//! Which crate may depend on which.

use crate::workspace::{Dependency, Package};

/// What one crate of the workspace may name in its manifest.
#[derive(Debug)]
struct Layer {
    name: &'static str,
    /// Crates of the workspace that it may depend on.
    may_use: &'static [&'static str],
    /// Crates from elsewhere that would bring another layer's work in.
    never: &'static [&'static str],
}

const LAYERS: [Layer; 10] = [
    Layer {
        name: "domain",
        may_use: &[],
        never: &[
            "axum",
            "leptos",
            "object_store",
            "rand",
            "sea-orm",
            "sqlx",
            "tokio",
        ],
    },
    Layer {
        name: "migrations",
        may_use: &[],
        never: &["axum", "leptos", "object_store"],
    },
    Layer {
        name: "store",
        may_use: &["domain", "migrations"],
        never: &["axum", "leptos", "object_store"],
    },
    Layer {
        name: "engine",
        may_use: &["domain"],
        never: &["axum", "leptos", "sea-orm", "sqlx"],
    },
    Layer {
        name: "services",
        may_use: &["domain", "engine", "store"],
        never: &["axum", "leptos", "sqlx"],
    },
    Layer {
        name: "app",
        may_use: &["domain", "services"],
        never: &["object_store", "sea-orm", "sqlx", "tokio"],
    },
    Layer {
        name: "frontend",
        may_use: &["app"],
        never: &["axum", "sea-orm", "sqlx", "tokio"],
    },
    // The server puts everything together, so it may name everything that is put together.
    Layer {
        name: "server",
        may_use: &["app", "domain", "engine", "services", "store"],
        never: &["sqlx"],
    },
    Layer {
        name: "testkit",
        may_use: &["domain", "engine", "services", "store"],
        never: &[],
    },
    Layer {
        name: "xtask",
        may_use: &[],
        never: &["axum", "leptos", "sea-orm", "sqlx"],
    },
];

/// The only crate that tests may use beyond what their crate uses.
const FOR_TESTS: &str = "testkit";

/// Every arrow that the table does not know.
pub(super) fn violations(packages: &[Package]) -> Vec<String> {
    packages
        .iter()
        .flat_map(|package| package_violations(package, packages))
        .collect()
}

fn package_violations(package: &Package, workspace: &[Package]) -> Vec<String> {
    let Some(layer) = LAYERS.iter().find(|layer| layer.name == package.name) else {
        return vec![format!(
            "{}: this crate is not in the table of xtask/src/layers/arrows.rs: say there what it may use",
            package.name
        )];
    };
    package
        .dependencies
        .iter()
        .filter_map(|dependency| {
            let is_ours = workspace.iter().any(|other| other.name == dependency.name);
            let refused = if is_ours {
                !may_use(layer, dependency)
            } else {
                is_banned(layer, dependency)
            };
            refused.then(|| {
                format!(
                    "{} ─► {} is not an arrow of the architecture",
                    package.name, dependency.name
                )
            })
        })
        .chain(app_leak(package))
        .collect()
}

fn may_use(layer: &Layer, dependency: &Dependency) -> bool {
    layer.may_use.contains(&dependency.name.as_str())
        || (dependency.kind.as_deref() == Some("dev") && dependency.name == FOR_TESTS)
}

fn is_banned(layer: &Layer, dependency: &Dependency) -> bool {
    dependency.kind.is_none() && layer.never.contains(&dependency.name.as_str())
}

/// The app reaches the services only behind its `ssr` feature.
fn app_leak(package: &Package) -> Option<String> {
    let leaks = package.name == "app"
        && package.dependencies.iter().any(|dependency| {
            dependency.name == "services" && dependency.kind.is_none() && !dependency.optional
        });
    leaks.then(|| {
        "app ─► services must be optional: only the feature ssr may switch it on".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: &[(&str, Option<&str>)]) -> Package {
        Package {
            name: name.to_owned(),
            dependencies: dependencies
                .iter()
                .map(|(name, kind)| Dependency {
                    name: (*name).to_owned(),
                    kind: kind.map(str::to_owned),
                    optional: false,
                })
                .collect(),
        }
    }

    fn found(packages: &[Package]) -> usize {
        violations(packages).len()
    }

    #[test]
    fn the_store_may_use_the_domain_and_nothing_above_itself() {
        let domain = || package("domain", &[]);
        assert_eq!(found(&[domain(), package("store", &[("domain", None)])]), 0);
        assert_eq!(
            found(&[
                domain(),
                package("services", &[]),
                package("store", &[("services", None)])
            ]),
            1
        );
    }

    #[test]
    fn the_domain_has_no_runtime_but_its_tests_may() {
        assert_eq!(found(&[package("domain", &[("tokio", None)])]), 1);
        assert_eq!(found(&[package("domain", &[("tokio", Some("dev"))])]), 0);
    }

    #[test]
    fn only_tests_use_the_testkit() {
        let testkit = || package("testkit", &[]);
        assert_eq!(
            found(&[testkit(), package("services", &[("testkit", Some("dev"))])]),
            0
        );
        assert_eq!(
            found(&[testkit(), package("services", &[("testkit", None)])]),
            1
        );
    }

    #[test]
    fn the_app_reaches_the_services_only_by_a_feature() {
        assert_eq!(
            found(&[
                package("services", &[]),
                package("app", &[("services", None)])
            ]),
            1
        );
    }

    #[test]
    fn a_crate_that_the_table_does_not_know_is_named() {
        assert_eq!(found(&[package("misc", &[])]), 1);
    }
}
