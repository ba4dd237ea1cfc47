package state

// Remembered is the weight of the folds in memory.
func (st *Store) Remembered() int {
	st.folds.mu.Lock()
	defer st.folds.mu.Unlock()
	sum := 0
	for e := st.folds.order.Front(); e != nil; e = e.Next() {
		sum += st.folds.weight(e.Value.(*kept[*fold]).value)
	}
	if sum != st.folds.has {
		return -1
	}
	return sum
}
