package config

import (
	"bytes"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// YAML returns the whole configuration as a file that Parse takes, every default
// spelled out. Of commands that print a password only the program is shown, since
// its arguments may be secrets.
func (f File) YAML() ([]byte, error) {
	node, err := f.node()
	if err != nil {
		return nil, err
	}
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text)
	encoder.SetIndent(2)
	if err := encoder.Encode(node); err != nil {
		return nil, fmt.Errorf("print configuration: %w", err)
	}
	return text.Bytes(), encoder.Close()
}

func (f File) node() (*yaml.Node, error) {
	var node yaml.Node
	if err := node.Encode(f); err != nil {
		return nil, fmt.Errorf("print configuration: %w", err)
	}
	hide(&node)
	return &node, nil
}

// Value is one key with what it says, in words that Parse takes.
type Value struct {
	Key  string // path of the key, such as sites[0].connections.maxConnections
	Text string // of a list, its items separated by commas
	Line int    // in the file; 0: it does not stand there
}

// Values returns every key that takes a value, with the same secrets hidden as in
// YAML, and its line in the file at path, from which f was loaded; "" is no file.
func (f File) Values(path string) ([]Value, error) {
	lines, err := linesOf(path)
	if err != nil {
		return nil, err
	}
	node, err := f.node()
	if err != nil {
		return nil, err
	}
	var values []Value
	flatten(node, "", &values)
	for i := range values {
		values[i].Line = lines[values[i].Key]
	}
	return values, nil
}

func flatten(n *yaml.Node, path string, into *[]Value) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			flatten(n.Content[i+1], strings.TrimPrefix(path+"."+n.Content[i].Value, "."), into)
		}
		if len(n.Content) == 0 {
			*into = append(*into, Value{Key: path})
		}
		return
	case yaml.SequenceNode:
		var items []string
		for i, item := range n.Content {
			if item.Kind != yaml.ScalarNode {
				flatten(item, fmt.Sprintf("%s[%d]", path, i), into)
				continue
			}
			items = append(items, item.Value)
		}
		if len(items) > 0 || len(n.Content) == 0 {
			*into = append(*into, Value{Key: path, Text: strings.Join(items, ", ")})
		}
		return
	}
	*into = append(*into, Value{Key: path, Text: n.Value})
}

// hide cuts what may be secret.
func hide(n *yaml.Node) {
	for i, child := range n.Content {
		hide(child)
		if n.Kind != yaml.MappingNode || i%2 == 0 || child.Kind != yaml.ScalarNode {
			continue
		}
		key := n.Content[i-1].Value
		program, _, more := strings.Cut(child.Value, " ")
		if more && strings.HasSuffix(strings.ToLower(key), "passwordcommand") {
			child.SetString(program + " ***")
		}
	}
}
