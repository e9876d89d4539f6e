/* store_sweep.h - clearing away what nobody needs. Trees are renamed into tmp/ first: they vanish at once, and
 * whoever dies in the middle of removing them leaves the rest to the next one.
 */
#pragma once
#include "base/error.h"

struct store;

/* Empties tmp/ of what dead processes left, if nobody else uses the store right now; else it is left to the next
 * one. */
void store_sweep_tmp(int storefd);

/* The same, and everything that no image refers to. Left to the next one, too, while somebody else uses the store. */
int store_sweep_unreferenced(struct store *store, struct error *err);
