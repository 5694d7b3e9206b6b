// Checks exported records and golden vectors with an implementation that is not ours: golang.org/x/mod/sumdb/note and
// sumdb/tlog. Then does it again with damaged copies, each of which must be refused.
//
// Debian: apt install golang-go golang-golang-x-mod-dev
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run ./scripts/crosscheck tests/vectors
package main

import (
	"archive/tar"
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 2 {
		log.Fatal("usage: crosscheck DIRECTORY-OF-VECTORS")
	}
	dir := os.Args[1]
	for _, check := range []struct {
		name string
		run  func(dir string) (int, error)
	}{
		{"statements", statements},
		{"receipts", receipts},
		{"tree", tree},
		{"bundle", bundle},
	} {
		count, err := check.run(dir)
		if err != nil {
			log.Fatalf("%s: %v", check.name, err)
		}
		fmt.Printf("%s: %d checks agree\n", check.name, count)
	}
}

// statements: every signed statement is a note that its person's key opens, and no changed one is.
func statements(dir string) (int, error) {
	var vectors []struct {
		Text      string `json:"text"`
		Note      string `json:"note"`
		KeyName   string `json:"key_name"`
		PublicKey string `json:"public_key"`
	}
	if err := read(dir, "statements.json", &vectors); err != nil {
		return 0, err
	}
	checks := 0
	for i, vector := range vectors {
		public, err := base64.StdEncoding.DecodeString(vector.PublicKey)
		if err != nil {
			return 0, err
		}
		vkey, err := note.NewEd25519VerifierKey(vector.KeyName, public)
		if err != nil {
			return 0, err
		}
		text, err := open(vector.Note, vkey)
		if err != nil {
			return 0, fmt.Errorf("%d: %v", i, err)
		}
		if text != vector.Text {
			return 0, fmt.Errorf("%d: another text", i)
		}
		changed := strings.Replace(vector.Note, "\nlog ", "\nlog x", 1)
		if _, err := open(changed, vkey); err == nil {
			return 0, fmt.Errorf("%d: a changed statement was accepted", i)
		}
		checks += 2
	}
	return checks, nil
}

// receipts: signature and inclusion, with the verdict each vector states.
func receipts(dir string) (int, error) {
	var vectors []struct {
		Why        string   `json:"why"`
		Seq        int64    `json:"seq"`
		Entry      string   `json:"entry"`
		Proof      []string `json:"proof"`
		Checkpoint string   `json:"checkpoint"`
		Vkey       string   `json:"vkey"`
		Origin     string   `json:"origin"`
		Valid      bool     `json:"valid"`
	}
	if err := read(dir, "receipts.json", &vectors); err != nil {
		return 0, err
	}
	for _, vector := range vectors {
		err := func() error {
			text, err := open(vector.Checkpoint, vector.Vkey)
			if err != nil {
				return err
			}
			size, root, err := checkpoint(text, vector.Origin)
			if err != nil {
				return err
			}
			proof, err := hashes(vector.Proof)
			if err != nil {
				return err
			}
			if vector.Seq >= size {
				return errors.New("beyond the tree")
			}
			return tlog.CheckRecord(tlog.RecordProof(proof), size, root, vector.Seq, tlog.RecordHash([]byte(vector.Entry)))
		}()
		if (err == nil) != vector.Valid {
			return 0, fmt.Errorf("%s: valid is %v, but: %v", vector.Why, vector.Valid, err)
		}
	}
	return len(vectors), nil
}

// tree: roots, inclusion and consistency of every size, and one flipped bit in each proof.
func tree(dir string) (int, error) {
	var vectors struct {
		Entries []string `json:"entries"`
		Sizes   []struct {
			Size        int64      `json:"size"`
			Root        string     `json:"root"`
			Inclusion   [][]string `json:"inclusion_by_index"`
			Consistency [][]string `json:"consistency_from_1"`
		} `json:"sizes"`
	}
	if err := read(dir, "tree.json", &vectors); err != nil {
		return 0, err
	}
	var roots []tlog.Hash
	stored := &store{}
	checks := 0
	for _, vector := range vectors.Sizes {
		if err := stored.add([]byte(vectors.Entries[vector.Size-1])); err != nil {
			return 0, err
		}
		root, err := tlog.TreeHash(vector.Size, stored)
		if err != nil {
			return 0, err
		}
		if base64.StdEncoding.EncodeToString(root[:]) != vector.Root {
			return 0, fmt.Errorf("size %d: another root", vector.Size)
		}
		roots = append(roots, root)
		for index, encoded := range vector.Inclusion {
			proof, err := hashes(encoded)
			if err != nil {
				return 0, err
			}
			leaf := tlog.RecordHash([]byte(vectors.Entries[index]))
			check := func() error {
				return tlog.CheckRecord(tlog.RecordProof(proof), vector.Size, root, int64(index), leaf)
			}
			if err := holdsUntilFlipped(proof, check); err != nil {
				return 0, fmt.Errorf("size %d, index %d: %v", vector.Size, index, err)
			}
			checks++
		}
		for i, encoded := range vector.Consistency {
			proof, err := hashes(encoded)
			if err != nil {
				return 0, err
			}
			check := func() error {
				return tlog.CheckTree(tlog.TreeProof(proof), vector.Size, root, int64(i+1), roots[i])
			}
			if err := holdsUntilFlipped(proof, check); err != nil {
				return 0, fmt.Errorf("from %d to %d: %v", i+1, vector.Size, err)
			}
			checks++
		}
	}
	return checks, nil
}

// bundle: every checkpoint of an exported record over the entries in it; and with one entry changed, none after it.
func bundle(dir string) (int, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "bundle.tar"))
	if err != nil {
		return 0, err
	}
	vkey, entries, checkpoints, err := unpack(raw)
	if err != nil {
		return 0, err
	}
	held, err := fitting(vkey, entries, checkpoints)
	if err != nil {
		return 0, err
	}
	if held != len(checkpoints) || held == 0 {
		return 0, fmt.Errorf("%d of %d checkpoints fit", held, len(checkpoints))
	}
	entries[0] = append([]byte(" "), entries[0]...)
	if held, err := fitting(vkey, entries, checkpoints); err != nil || held != 0 {
		return 0, fmt.Errorf("with entry 0 changed %d checkpoints still fit (%v)", held, err)
	}
	return 2 * len(checkpoints), nil
}

func fitting(vkey string, entries [][]byte, checkpoints []string) (int, error) {
	stored := &store{}
	for _, entry := range entries {
		if err := stored.add(entry); err != nil {
			return 0, err
		}
	}
	held := 0
	for _, signed := range checkpoints {
		text, err := open(signed, vkey)
		if err != nil {
			return 0, err
		}
		size, root, err := checkpoint(text, strings.SplitN(vkey, "+", 2)[0])
		if err != nil {
			return 0, err
		}
		computed, err := tlog.TreeHash(size, stored)
		if err != nil {
			return 0, err
		}
		if computed == root {
			held++
		}
	}
	return held, nil
}

func unpack(raw []byte) (vkey string, entries [][]byte, checkpoints []string, err error) {
	reader := tar.NewReader(bytes.NewReader(raw))
	for {
		header, err := reader.Next()
		if err == io.EOF {
			return vkey, entries, checkpoints, nil
		}
		if err != nil {
			return "", nil, nil, err
		}
		content, err := io.ReadAll(reader)
		if err != nil {
			return "", nil, nil, err
		}
		switch {
		case header.Name == "keys.txt":
			vkey = strings.TrimSuffix(string(content), "\n")
		case header.Name == "entries.jsonl":
			lines := bufio.NewScanner(bytes.NewReader(content))
			lines.Buffer(nil, 1<<17)
			for lines.Scan() {
				entries = append(entries, append([]byte(nil), lines.Bytes()...))
			}
			if err := lines.Err(); err != nil {
				return "", nil, nil, err
			}
		case strings.HasPrefix(header.Name, "checkpoints/"):
			checkpoints = append(checkpoints, string(content))
		}
	}
}

// store keeps the hashes of a tree as tlog numbers them.
type store struct {
	hashes []tlog.Hash
	size   int64
}

func (s *store) add(entry []byte) error {
	more, err := tlog.StoredHashes(s.size, entry, s)
	if err != nil {
		return err
	}
	s.hashes = append(s.hashes, more...)
	s.size++
	return nil
}

func (s *store) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(s.hashes)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		found[i] = s.hashes[index]
	}
	return found, nil
}

func holdsUntilFlipped(proof []tlog.Hash, check func() error) error {
	if err := check(); err != nil {
		return err
	}
	for i := range proof {
		proof[i][i%tlog.HashSize] ^= 1
		if check() == nil {
			return errors.New("a damaged proof was accepted")
		}
		proof[i][i%tlog.HashSize] ^= 1
	}
	return nil
}

func open(signed, vkey string) (string, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return "", err
	}
	opened, err := note.Open([]byte(signed), note.VerifierList(verifier))
	if err != nil {
		return "", err
	}
	return opened.Text, nil
}

func checkpoint(text, origin string) (int64, tlog.Hash, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[0] != origin || lines[3] != "" {
		return 0, tlog.Hash{}, errors.New("not a checkpoint of this record")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return 0, tlog.Hash{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return size, root, err
}

func hashes(encoded []string) ([]tlog.Hash, error) {
	decoded := make([]tlog.Hash, len(encoded))
	for i, text := range encoded {
		hash, err := tlog.ParseHash(text)
		if err != nil {
			return nil, err
		}
		decoded[i] = hash
	}
	return decoded, nil
}

func read(dir, name string, into interface{}) error {
	raw, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}
