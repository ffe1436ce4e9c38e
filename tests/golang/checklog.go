// Command checklog judges an exported log by an implementation that is not ours: golang.org/x/mod/sumdb/note and
// golang.org/x/mod/sumdb/tlog, as Debian packages them.
//
//	checklog DIRECTORY VKEY OLD-CHECKPOINT
//	checklog roots FILE
//
// The second form reads one root a line, in base64, of the trees of 1, 2, 3 … entries, where entry i is the decimal
// number i, and compares each with its own. The first opens the signed checkpoint, rebuilds the tree from the entry bundles, compares the root and every tile byte for
// byte, proves and checks the inclusion of every entry, and proves and checks that OLD-CHECKPOINT (a file) is a
// beginning of the tree. It prints what it counted; any difference is one line on standard error and exit status 1.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height = 8
	width  = 1 << height
)

// tree holds the stored hashes of the rebuilt log, in the order of tlog's own numbering.
type tree []tlog.Hash

func (t tree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index < 0 || index >= int64(len(t)) {
			return nil, fmt.Errorf("no stored hash %d", index)
		}
		hashes[i] = t[index]
	}
	return hashes, nil
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == "roots" {
		if err := checkRoots(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, "DIFFERS:", err)
			os.Exit(1)
		}
		return
	}
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: checklog DIRECTORY VKEY OLD-CHECKPOINT")
		os.Exit(2)
	}
	report, err := check(os.Args[1], os.Args[2], os.Args[3])
	if err != nil {
		fmt.Fprintln(os.Stderr, "DIFFERS:", err)
		os.Exit(1)
	}
	fmt.Println(report)
}

func check(directory, vkey, oldPath string) (string, error) {
	size, root, err := openCheckpoint(filepath.Join(directory, "checkpoint"), vkey)
	if err != nil {
		return "", err
	}
	hashes, leaves, err := rebuild(directory, size)
	if err != nil {
		return "", err
	}
	got, err := tlog.TreeHash(size, hashes)
	if err != nil {
		return "", err
	}
	if got != root {
		return "", fmt.Errorf("the entries lead to root %v, the checkpoint says %v", got, root)
	}
	tiles, err := compareTiles(directory, size, hashes)
	if err != nil {
		return "", err
	}
	for index, leaf := range leaves {
		proof, err := tlog.ProveRecord(size, int64(index), hashes)
		if err != nil {
			return "", err
		}
		if err := tlog.CheckRecord(proof, size, root, int64(index), leaf); err != nil {
			return "", fmt.Errorf("inclusion of entry %d: %v", index, err)
		}
	}
	old, oldRoot, err := openCheckpoint(oldPath, vkey)
	if err != nil {
		return "", err
	}
	if old < 1 || old > size {
		return "", fmt.Errorf("an old checkpoint of size %d for a tree of %d", old, size)
	}
	proof, err := tlog.ProveTree(size, old, hashes)
	if err != nil {
		return "", err
	}
	if err := tlog.CheckTree(proof, size, root, old, oldRoot); err != nil {
		return "", fmt.Errorf("consistency of size %d with size %d: %v", old, size, err)
	}
	return fmt.Sprintf("size=%d bundles_and_tiles=%d inclusions=%d consistency=%d->%d root=%v",
		size, tiles, len(leaves), old, size, root), nil
}

// checkRoots compares a root for every size.
func checkRoots(path string) error {
	raw, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	lines := strings.Split(strings.TrimSuffix(string(raw), "\n"), "\n")
	var hashes tree
	for i, line := range lines {
		stored, err := tlog.StoredHashes(int64(i), []byte(strconv.Itoa(i)), hashes)
		if err != nil {
			return err
		}
		hashes = append(hashes, stored...)
		root, err := tlog.TreeHash(int64(i)+1, hashes)
		if err != nil {
			return err
		}
		if root.String() != line {
			return fmt.Errorf("size %d has root %v, not %s", i+1, root, line)
		}
	}
	fmt.Printf("roots=%d\n", len(lines))
	return nil
}

// openCheckpoint verifies a signed checkpoint and returns what it says: three lines, the first the key's name.
func openCheckpoint(path, vkey string) (int64, tlog.Hash, error) {
	var root tlog.Hash
	raw, err := os.ReadFile(path)
	if err != nil {
		return 0, root, err
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return 0, root, err
	}
	opened, err := note.Open(raw, note.VerifierList(verifier))
	if err != nil {
		return 0, root, fmt.Errorf("%s: %v", path, err)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifier.Name() {
		return 0, root, fmt.Errorf("%s: not origin, size and root", path)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || size < 0 {
		return 0, root, fmt.Errorf("%s: size %q", path, lines[1])
	}
	value, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(value) != tlog.HashSize {
		return 0, root, fmt.Errorf("%s: root %q", path, lines[2])
	}
	copy(root[:], value)
	return size, root, nil
}

// rebuild reads the entry bundles and hashes their entries into a new tree.
func rebuild(directory string, size int64) (tree, []tlog.Hash, error) {
	var hashes tree
	leaves := make([]tlog.Hash, 0, size)
	for n := int64(0); n*width < size; n++ {
		count := size - n*width
		if count > width {
			count = width
		}
		path := tilePath("entries", n, count)
		raw, err := os.ReadFile(filepath.Join(directory, path))
		if err != nil {
			return nil, nil, err
		}
		for i := int64(0); i < count; i++ {
			if len(raw) < 2 || len(raw)-2 < int(binary.BigEndian.Uint16(raw)) {
				return nil, nil, fmt.Errorf("%s: cut off in entry %d", path, n*width+i)
			}
			end := 2 + int(binary.BigEndian.Uint16(raw))
			entry := raw[2:end]
			raw = raw[end:]
			index := int64(len(leaves))
			stored, err := tlog.StoredHashes(index, entry, hashes)
			if err != nil {
				return nil, nil, err
			}
			hashes = append(hashes, stored...)
			leaves = append(leaves, tlog.RecordHash(entry))
		}
		if len(raw) != 0 {
			return nil, nil, fmt.Errorf("%s: %d bytes too many", path, len(raw))
		}
	}
	return hashes, leaves, nil
}

// compareTiles compares each tile that the tree has with its file, and looks for files that no tree has.
func compareTiles(directory string, size int64, hashes tree) (int, error) {
	wanted := map[string]bool{}
	for n := int64(0); n*width < size; n++ {
		count := size - n*width
		if count > width {
			count = width
		}
		wanted[tilePath("entries", n, count)] = true
	}
	tiles := tlog.NewTiles(height, 0, size)
	for i, tile := range tiles {
		// NewTiles lists a partial tile in all the widths that it had on the way; the last is the tree's.
		if i+1 < len(tiles) && tiles[i+1].L == tile.L && tiles[i+1].N == tile.N {
			continue
		}
		name := tilePath(strconv.Itoa(tile.L), tile.N, int64(tile.W))
		want, err := tlog.ReadTileData(tile, hashes)
		if err != nil {
			return 0, err
		}
		got, err := os.ReadFile(filepath.Join(directory, name))
		if err != nil {
			return 0, err
		}
		if !bytes.Equal(got, want) {
			return 0, fmt.Errorf("%s is another tile than the rebuilt tree's", name)
		}
		wanted[name] = true
	}
	found := 0
	err := filepath.Walk(filepath.Join(directory, "tile"), func(path string, info os.FileInfo, err error) error {
		if err != nil {
			if os.IsNotExist(err) && size == 0 {
				return nil
			}
			return err
		}
		if info.IsDir() {
			return nil
		}
		name, err := filepath.Rel(directory, path)
		if err != nil {
			return err
		}
		if !wanted[name] {
			return fmt.Errorf("%s is no tile of this tree", name)
		}
		found++
		return nil
	})
	if err == nil && found != len(wanted) {
		err = fmt.Errorf("%d tiles and bundles where %d should be", found, len(wanted))
	}
	return found, err
}

// tilePath is the name that c2sp.org/tlog-tiles gives; tlog's own Path has another layout for the height.
func tilePath(level string, n, w int64) string {
	name := fmt.Sprintf("%03d", n%1000)
	for rest := n / 1000; rest > 0; rest /= 1000 {
		name = fmt.Sprintf("x%03d/%s", rest%1000, name)
	}
	if w != width {
		name = fmt.Sprintf("%s.p/%d", name, w)
	}
	return fmt.Sprintf("tile/%s/%s", level, name)
}
