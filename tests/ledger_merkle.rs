//! The tree against its definition (RFC 6962, 2.1) and every way a proof can be wrong.

use dienhong::ledger::merkle::{Hash, Tree, empty_root, leaf_hash, node_hash, verify_consistency, verify_inclusion};
use proptest::prelude::*;

fn leaves(count: u64) -> Vec<Hash> {
    (0..count).map(|n| leaf_hash(&n.to_be_bytes())).collect()
}

/// MTH as the RFC defines it, by recursion.
fn by_definition(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [only] => *only,
        _ => {
            let mut k = 1;
            while k * 2 < leaves.len() {
                k *= 2;
            }
            node_hash(&by_definition(&leaves[..k]), &by_definition(&leaves[k..]))
        }
    }
}

/// The roots published with RFC 6962's reference implementation for its eight test inputs.
#[test]
fn known_roots() {
    let inputs: [&[u8]; 8] = [
        b"",
        &[0x00],
        &[0x10],
        &[0x20, 0x21],
        &[0x30, 0x31],
        &[0x40, 0x41, 0x42, 0x43],
        &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
    ];
    let mut tree = Tree::new();
    tree.extend(inputs.iter().map(|input| leaf_hash(input)));
    for (size, root) in [
        (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        (4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"),
        (5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
        (6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
        (7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c"),
        (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ] {
        assert_eq!(tree.root_at(size).unwrap().hex(), root, "size {size}");
    }
}

#[test]
fn every_size_has_the_root_the_definition_gives() {
    let all = leaves(130);
    let mut tree = Tree::new();
    for (n, leaf) in all.iter().enumerate() {
        assert_eq!(tree.root(), by_definition(&all[..n]));
        tree.push(*leaf);
    }
    for size in 0..=130 {
        assert_eq!(tree.root_at(size), Some(by_definition(&all[..size as usize])));
    }
    assert_eq!(tree.root_at(131), None);
}

#[test]
fn a_batch_taken_back_leaves_no_trace() {
    for size in 0..70 {
        let mut tree = Tree::new();
        tree.extend(leaves(size));
        let root = tree.root();
        tree.extend(leaves(33));
        tree.truncate(size);
        assert_eq!((tree.size(), tree.root()), (size, root));
        tree.truncate(size + 5);
        tree.extend(leaves(40).into_iter().skip(3));
        let mut fresh = Tree::new();
        fresh.extend(leaves(size).into_iter().chain(leaves(40).into_iter().skip(3)));
        assert_eq!(tree.root(), fresh.root());
    }
}

#[test]
fn there_is_no_proof_for_what_is_not_there() {
    let mut tree = Tree::new();
    assert_eq!(tree.inclusion(0, 0), None);
    tree.extend(leaves(5));
    assert_eq!(tree.inclusion(5, 5), None);
    assert_eq!(tree.inclusion(0, 6), None);
    assert_eq!(tree.inclusion(4, 4), None);
    assert_eq!(tree.consistency(3, 6), None);
    assert_eq!(tree.consistency(4, 3), None);
    assert_eq!(tree.consistency(0, 5), Some(vec![]));
    assert!(verify_consistency(0, 5, &[], &empty_root(), &tree.root()));
    assert!(!verify_consistency(0, 5, &[], &tree.root(), &tree.root()));
    assert!(verify_consistency(5, 5, &[], &tree.root(), &tree.root()));
    assert!(!verify_consistency(5, 5, &[tree.root()], &tree.root(), &tree.root()));
    assert!(!verify_consistency(4, 5, &[], &tree.root_at(4).unwrap(), &tree.root()));
    assert!(!verify_inclusion(&tree.root(), 0, 0, &[], &empty_root()));
    assert!(!verify_inclusion(&tree.root(), u64::MAX, u64::MAX, &[], &empty_root()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn inclusion_proofs_hold_and_no_altered_one_does(
        size in 1u64..600, at in any::<prop::sample::Index>(), bit in 0usize..256, which in any::<prop::sample::Index>(),
    ) {
        let mut tree = Tree::new();
        tree.extend(leaves(620));
        let (index, root) = (at.index(size as usize) as u64, tree.root_at(size).unwrap());
        let (leaf, proof) = (tree.leaf(index).unwrap(), tree.inclusion(index, size).unwrap());
        prop_assert!(verify_inclusion(&leaf, index, size, &proof, &root));
        prop_assert!(!verify_inclusion(&leaf, index, size, &proof, &tree.root()));
        for other in [index ^ 1, index + 1, size, 0].into_iter().filter(|other| *other != index) {
            prop_assert!(!verify_inclusion(&leaf, other, size, &proof, &root));
        }
        let mut longer = proof.clone();
        longer.push(root);
        prop_assert!(!verify_inclusion(&leaf, index, size, &longer, &root));
        if !proof.is_empty() {
            prop_assert!(!verify_inclusion(&leaf, index, size, &proof[1..], &root));
            let mut flipped = proof.clone();
            which.get_mut(&mut flipped).0[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!verify_inclusion(&leaf, index, size, &flipped, &root));
        }
    }

    #[test]
    fn consistency_proofs_hold_and_no_altered_one_does(
        to in 2u64..600, from in any::<prop::sample::Index>(), bit in 0usize..256, which in any::<prop::sample::Index>(),
    ) {
        let mut tree = Tree::new();
        tree.extend(leaves(620));
        let from = 1 + from.index(to as usize - 1) as u64;
        let (old, new) = (tree.root_at(from).unwrap(), tree.root_at(to).unwrap());
        let proof = tree.consistency(from, to).unwrap();
        prop_assert!(verify_consistency(from, to, &proof, &old, &new));
        prop_assert!(!verify_consistency(from, to, &proof, &tree.root_at(from - 1).unwrap(), &new));
        prop_assert!(!verify_consistency(from, to, &proof, &old, &tree.root()));
        prop_assert!(!verify_consistency(from, to, &proof[1..], &old, &new));
        let mut longer = proof.clone();
        longer.push(old);
        prop_assert!(!verify_consistency(from, to, &longer, &old, &new));
        let mut flipped = proof.clone();
        which.get_mut(&mut flipped).0[bit / 8] ^= 1 << (bit % 8);
        prop_assert!(!verify_consistency(from, to, &flipped, &old, &new));
    }
}

/// A tree keeps its hashes in pieces of 1,024, which its copies share.
#[test]
fn a_tree_of_several_pieces_is_cut_and_grown_like_any_other() {
    let all = leaves(5_000);
    let mut whole = Tree::new();
    whole.extend(all.iter().copied());
    assert_eq!(whole.root(), by_definition(&all));
    for size in [1, 1_023, 1_024, 1_025, 2_048, 3_071, 4_096, 4_999] {
        let mut cut = whole.clone();
        cut.truncate(size);
        assert_eq!(cut.size(), size);
        assert_eq!(cut.root(), by_definition(&all[..size as usize]));
        assert!(cut.leaves(size).eq(&all[..size as usize]));
        assert_eq!(cut.leaf(size), None);
        cut.extend(all[size as usize..].iter().copied());
        assert_eq!(cut.root(), whole.root());
        let proof = whole.inclusion(size, 5_000).expect("a proof");
        assert!(verify_inclusion(&all[size as usize], size, 5_000, &proof, &whole.root()));
    }
    assert_eq!(whole.root(), by_definition(&all), "the copies changed nothing of it");
}
